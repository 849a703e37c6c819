import { expect, test } from "vitest";
import { isMediaUrl } from "@/lib/sixtyfour/media";

test.each([
  ["https://api.sixtyfour.ai/v1/media/abc.png", true],
  ["HTTPS://API.SIXTYFOUR.AI/v1/media/abc", true],
  ["https://api.sixtyfour.ai/v1/media?id=abc", true],
  ["https://api.sixtyfour.ai/v1/media/../secrets", false],
  ["https://api.sixtyfour.ai/v1/mediabc.png", false],
  ["http://api.sixtyfour.ai/v1/media/abc.png", false],
  ["https://api.sixtyfour.ai:8443/v1/media/abc.png", false],
  ["https://user@api.sixtyfour.ai/v1/media/abc.png", false],
  ["https://api.sixtyfour.ai.evil.example/v1/media/abc.png", false],
  ["https://evil.example/https://api.sixtyfour.ai/v1/media/abc.png", false],
  ["javascript:alert(1)", false],
  ["abc.png", false],
])("%s is a picture at Sixtyfour: %s", (url, isMedia) => {
  expect(isMediaUrl(url)).toBe(isMedia);
});
