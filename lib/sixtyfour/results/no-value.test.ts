import { expect, test } from "vitest";
import { isNoValue } from "@/lib/sixtyfour/results/no-value";

const NONE = `
-
—
...
N/A
n/a.
N / A
N\\A
#N/A
- N/A
NA
(none)
[none]
<none>
(unknown)
[N/A]
None
NONE FOUND
None listed
None disclosed
None mentioned
Not found
NOT_FOUND
Not stated
Not mentioned
Not listed
Not public
Not confirmed
Not available
Not Available (private)
Not publicly available
Unknown
unknown (not public)
Unknown at this time
Unknown / not found
unknown title
TBD
Unclear
Not sure
0 results
N/A - no website
N/A (not public)
No public information
No publicly available information
No information available
Insufficient data
Does not apply
None, None
null, null
Email not found
Title not found
Information not available
Information could not be found
The title could not be found.
I could not find any information about this person
No email found for this lead
Nothing was found
Nothing could be found.
Could not be found
Unable to determine
“Unknown”
null
There is no information available about this person
`
  .split("\n")
  .filter(Boolean);

const SOME = `
Berlin
0
NO
No
$
北京
Unknown Worlds Entertainment
None of the Above Records
No Name Company
No data breaches in 2025
No outages found in 2024 (uptime 99.9%)
Not for profit organization
Not found on LinkedIn, but her personal site lists CTO at Acme
N/A - acquired by Google in 2019
Unknown, but likely 50-100 employees
None found at HQ; 12 employees in Berlin
Not available in Germany; sold in France and Italy
Not identified by name but is VP Sales
Acme is not public
The company is not listed on any exchange
Nothing Ltd, London
No, it sells to consumers.
Nadia
Founded in 1999; no further funding rounds were found, but a grant of the EU was.
`
  .split("\n")
  .filter(Boolean);

test.each(["", " \n", "\u200b", ...NONE])("%j is no value", (text) => {
  expect(isNoValue(text)).toBe(true);
});

test.each(SOME)("%j is a value", (text) => {
  expect(isNoValue(text)).toBe(false);
});

test("a text is judged in time, however long it is", () => {
  expect(isNoValue(`no ${"x ".repeat(100)}`)).toBe(false);
  expect(isNoValue("not ".repeat(1_000_000))).toBe(false);
});
