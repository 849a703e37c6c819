import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ownPath, signInHref } from "@/app/sign-in/sign-in-href";

describe("after signing in a person continues at a path of this app alone", () => {
  test.each([
    ["/", "/"],
    ["/tasks/1", "/tasks/1"],
    ["/?q=ada&status=failed", "/?q=ada&status=failed"],
    ["/submissions/new?kind=find_email", "/submissions/new?kind=find_email"],
    ["/invitations/aB_3-x", "/invitations/aB_3-x"],
    ["/settings/users/", "/settings/users/"],
    // The query may hold anything: it can't change where the address leads.
    ["/?q=https://evil.example//", "/?q=https://evil.example//"],
    ["/?q=%5C%09%2F%2Fevil.example", "/?q=%5C%09%2F%2Fevil.example"],
    ["/?q=a\\b", "/?q=a\\b"],
    // Dots are resolved as a browser would.
    ["/tasks/../settings", "/settings"],
    ["/./tasks", "/tasks"],
    ["/../../tasks", "/tasks"],
  ])("%j leads to %j", (given, expected) => expect(ownPath(given)).toBe(expected));

  test.each([
    undefined,
    null,
    "",
    ["/tasks"],
    { toString: () => "/tasks" },
    "tasks",
    " /tasks",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "//evil.example",
    "///evil.example",
    "////evil.example/tasks",
    "/.//evil.example",
    "/..//evil.example",
    "/././/evil.example",
    "/a/..//x",
    "/a/../..//evil.example",
    "/a/..///evil.example",
    "/tasks//evil.example",
    "/%2e//evil.example",
    "/%2E%2e//evil.example",
    "/a/%2e%2e//x",
    "/a/.%2e//x",
    "/%2f/evil.example",
    "/%2F%2Fevil.example",
    "/%252f%252fevil.example",
    "/%5Cevil.example",
    "/.%2F%2Fevil.example",
    "/%09/evil.example",
    "/%00/tasks",
    "/%0d%0aLocation:%20https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "/.\\\\evil.example",
    "/a/..\\\\evil.example",
    "/a\\b",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "/.\t/\t/evil.example",
    "/tasks\u0000",
    "/tasks\u007f",
    "/tasks?q=a\r\nSet-Cookie: a=b",
    "/@evil.example",
    "/user:password@evil.example",
    "/\u2028/evil.example",
    "/\uff0f/evil.example",
    "/\ud800",
    "/sign-in",
    "/sign-in?next=/sign-in",
    "/tasks/../sign-in",
  ])("%j leads to the start page", (given) => expect(ownPath(given)).toBe("/"));

  test("a browser resolves any result within this app, and normalizing again changes nothing", () => {
    const parts = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "%2e",
      "%2f",
      "%5c",
      "\t",
      "evil.example",
      "?",
      "#",
      "@",
      ":",
      "a",
    );
    const anyAddress = fc
      .array(fc.oneof(parts, fc.string({ maxLength: 3 })), { maxLength: 12 })
      .map((all) => all.join(""));
    fc.assert(
      fc.property(anyAddress, (given) => {
        const path = ownPath(`/${given}`);
        expect(new URL(path, "https://leads.example.com").origin).toBe("https://leads.example.com");
        expect(new URL(`https://leads.example.com${path}`).origin).toBe("https://leads.example.com");
        expect(path).not.toMatch(/^\/[/\\]/);
        expect(ownPath(path)).toBe(path);
      }),
      { numRuns: 2_000 },
    );
  });
});

test("the way to sign in remembers where one came from", () => {
  expect(signInHref("/tasks/1?a=b&c=d")).toBe("/sign-in?next=%2Ftasks%2F1%3Fa%3Db%26c%3Dd");
  expect(signInHref(null)).toBe("/sign-in");
  expect(signInHref("//evil.example")).toBe("/sign-in");
  expect(signInHref("/.//evil.example")).toBe("/sign-in");
});
