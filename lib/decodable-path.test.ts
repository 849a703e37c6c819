import { expect, test } from "vitest";
import { decodablePath } from "@/lib/decodable-path";

test.each(["/", "/tasks/1?cursor=%ED%A0%80&q=%", "/tasks/%C3%A9", "/tasks/%00", "/tasks/%25", "*"])(
  "%j stays as it is",
  (url) => expect(decodablePath(url)).toBe(url),
);

test.each([
  ["/tasks/%", "/tasks/%25"],
  ["/tasks/%zz?a=%", "/tasks/%25zz?a=%"],
  ["/api/tasks/%ED%A0%80", "/api/tasks/%25ED%25A0%2580"],
  ["/tasks/%C3%A9/%", "/tasks/%25C3%25A9/%25"],
])("%j becomes %j", (url, expected) => {
  expect(decodablePath(url)).toBe(expected);
  expect(() => decodeURIComponent(decodablePath(url).split("?")[0] ?? "")).not.toThrow();
});
