import { expect, test } from "vitest";
import { ownPath, signInHref } from "@/app/sign-in/sign-in-href";

test("after signing in one goes on to paths of this app alone", () => {
  for (const own of ["/", "/tasks/1", "/?q=ada&status=failed", "/submissions/new?kind=find_email"]) {
    expect(ownPath(own)).toBe(own);
  }
  const others = [
    undefined,
    null,
    "",
    ["/tasks"],
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "tasks",
    "/sign-in",
    "/sign-in?next=/sign-in",
  ];
  for (const other of others) expect(ownPath(other), String(other)).toBe("/");
});

test("the way to sign in remembers where one came from", () => {
  expect(signInHref("/tasks/1?a=b&c=d")).toBe("/sign-in?next=%2Ftasks%2F1%3Fa%3Db%26c%3Dd");
  expect(signInHref(null)).toBe("/sign-in");
  expect(signInHref("//evil.example")).toBe("/sign-in");
});
