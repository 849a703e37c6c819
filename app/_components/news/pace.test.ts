import { expect, test } from "vitest";
import { pacedByNews } from "@/app/_components/news/pace";

const failed = (afterMs: number) => ({
  state: { status: "error", data: undefined, dataUpdatedAt: 1_000, errorUpdatedAt: 1_000 + afterMs },
});

test("the longer a server has not answered, the less often it is asked, within limits", () => {
  expect(pacedByNews(failed(500), 1_000)).toBe(1_000);
  expect(pacedByNews(failed(20_000), 1_000)).toBe(5_000);
  expect(pacedByNews(failed(3_600_000), 1_000)).toBe(10_000);
  expect(pacedByNews(failed(500), 20_000)).toBe(20_000);
});
