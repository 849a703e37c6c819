import { describe, expect, test } from "vitest";
import { guessColumns, plainHeader } from "@/lib/lists/guess-columns";

describe("columns are guessed from their headers", () => {
  test.each([
    [
      ["Full Name", "E-Mail", "COMPANY_NAME", "LinkedIn Profile", "Notes"],
      ["name", null, "company", "linkedin", null],
    ],
    [
      ["first_name", "Surname", "Website"],
      ["first_name", "last_name", "company_domain"],
    ],
    [
      ["name", "Contact"],
      ["name", null],
    ],
    [
      ["Contact", "Name"],
      [null, "name"],
    ],
  ])("%j", (columns, mapping) => {
    expect(guessColumns("find_email", columns)).toEqual(mapping);
  });

  test("for each kind in its own way", () => {
    expect(guessColumns("company_intelligence", ["Name", "URL"])).toEqual(["company_name", "website"]);
    expect(guessColumns("find_phone", ["Mail"])).toEqual(["email"]);
  });

  test("and what was chosen before goes first", () => {
    const remembered = { [plainHeader("Notes ")]: "location", [plainHeader("Name")]: null };
    expect(guessColumns("find_email", ["NAME", "notes", "Contact"], remembered)).toEqual([null, "location", "name"]);
  });

  test("and a column goes by its own header only where the kind is open", () => {
    const remembered = { [plainHeader("Notes")]: "Notes", [plainHeader("Trade fair")]: "Trade fair" };
    const columns = ["Notes", "Trade fair", "Comment", "Booth"];
    expect(guessColumns("research_agent", columns, remembered)).toEqual(["Notes", "Trade fair", "known", null]);
    expect(guessColumns("find_email", columns, remembered)).toEqual([null, null, null, null]);
  });
});
