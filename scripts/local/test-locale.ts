/**
 * The locale and time zone of tests, their browsers and their servers, so that they pass on a machine that has none set.
 * Chromium without a UTF-8 locale names a download "download" where its name has other letters than ASCII's.
 */
export const TEST_LOCALE = { LANG: "C.UTF-8", LC_ALL: "C.UTF-8", TZ: "UTC" };
