import { expect, test } from "vitest";
import { isSameValue } from "@/lib/sixtyfour/same-value";

test.each([
  ["Nordlicht", "NORDLICHT"],
  ["Acme, Inc.", "Acme"],
  ["Acme LLC", "acme inc"],
  ["Lovelace, Ada", "Ada Lovelace"],
  ["José Núñez", "Jose Nunez"],
  ["mailto:Ada@acme.com", "ada@acme.com"],
  ["https://uk.linkedin.com/in/ada/?trk=x", "linkedin.com/in/ada"],
  ["https://www.acme.com/", "acme.com"],
  ["tel:+1-555-123-4567", "+1 555 123 4567"],
  ["(555) 123-4567", "+1 555 123 4567"],
  ["0049 30 1234567", "+49 30 1234567"],
  ["030 1234567", "+49 30 1234567"],
])("%s is %s", (one, other) => {
  expect(isSameValue(one, other)).toBe(true);
  expect(isSameValue(other, one)).toBe(true);
});

test.each([
  ["ada@acme.com", "a.da@acme.com"],
  ["ada@acme.com", "acme.com"],
  ["acme.com/about", "acme.com"],
  ["Ada Lovelace", "Ada King"],
  ["Nordlicht", "Nordlicht Werke"],
  ["+1 555 123 4567", "+1 555 123 4568"],
  ["", ""],
  ["-", "..."],
])("%s is not %s", (one, other) => {
  expect(isSameValue(one, other)).toBe(false);
  expect(isSameValue(other, one)).toBe(false);
});
