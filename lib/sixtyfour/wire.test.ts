import { describe, expect, test } from "vitest";
import { readErrorDetail, readJobState } from "@/lib/sixtyfour/wire";

describe("readJobState", () => {
  test.each([
    ["completed", "completed"],
    ["COMPLETED", "completed"],
    ["failed", "failed"],
    ["terminated", "failed"],
    ["timed_out", "failed"],
    ["cancelled", "cancelled"],
    ["running", "running"],
    ["RUNNING", "running"],
    ["continued_as_new", "running"],
    ["queued", "running"],
    ["a word of next year", "running"],
    ["constructor", "running"],
  ])("reads %j as %s", (status, state) => {
    expect(readJobState(status)).toBe(state);
  });
});

describe("readErrorDetail", () => {
  test("reads a sentence", () => {
    expect(readErrorDetail({ detail: "Job not found" })).toEqual({ message: "Job not found", fields: [] });
    expect(readErrorDetail({ error: "bad", message: "Worse" })).toEqual({ message: "Worse", fields: [] });
  });

  test("reads the fields of a 422", () => {
    const detail = [{ loc: ["body", "lead", "email"], msg: "Not an email", type: "value_error" }];
    expect(readErrorDetail({ detail })).toEqual({
      message: "lead.email: Not an email",
      fields: [{ path: ["lead", "email"], message: "Not an email" }],
    });
  });

  test.each([[undefined], [null], ["<html>"], [[]], [{ detail: { odd: true } }]])("makes nothing of %j", (body) => {
    expect(readErrorDetail(body)).toEqual({ message: null, fields: [] });
  });
});
