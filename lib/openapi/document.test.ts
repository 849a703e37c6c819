import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openApiDocument } from "@/lib/openapi/document";

interface Operation {
  responses: Record<string, unknown>;
  parameters?: { name: string; in: string }[];
  security?: unknown[];
}
const document = openApiDocument() as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
};

const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);
/** `GET /api/x/{id}` for each function that a route file of this folder exports. */
const existing = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|\/)route\.ts$/.test(file))
    .flatMap((file) => {
      const whole = `${folder}/${file}`;
      const path = whole.replace(/^app|\/route\.ts$/g, "").replace(/\[(\w+)\]/g, "{$1}");
      const methods = readFileSync(whole, "utf8").matchAll(
        /^export (?:async )?function (GET|POST|PUT|PATCH|DELETE)\b/gm,
      );
      return [...methods].map(([, method]) => `${method} ${path}`);
    });

test("every route for submissions is documented", () => {
  const routes = existing("app/api/submissions");
  expect(routes).toContain("POST /api/submissions");
  expect(documented).toEqual(expect.arrayContaining(routes));
});

test("the list of tasks and one task are documented", () => {
  expect(documented).toEqual(expect.arrayContaining(["GET /api/tasks", "GET /api/tasks/{id}"]));
});

test("every documented route exists", () => {
  expect(existing("app/api")).toEqual(expect.arrayContaining(documented));
});

test("every reference leads to a schema, and every schema is referred to", () => {
  const referred = [...JSON.stringify(document.paths).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
    ([, name]) => name,
  );
  expect([...new Set(referred)].sort()).toEqual(Object.keys(document.components.schemas).sort());
});

test("every placeholder of a path is a parameter of each of its operations", () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { parameters = [] } of Object.values(methods)) {
      expect(parameters.filter((one) => one.in === "path").map(({ name }) => name)).toEqual(wanted);
    }
  }
});
