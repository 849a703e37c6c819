import { expect, test } from "vitest";
import { repeatsLead } from "@/lib/sixtyfour/results/repeats-lead";

const lead = {
  first_name: "Mira",
  last_name: "Holt",
  company: "IBM",
  email: "mira.holt@nordlicht.example",
  linkedin: "https://www.linkedin.com/in/mira-holt/",
  website: "https://ibm.com/about",
  phone: "+49 (30) 555 0100",
  title: "Head of Ops",
  vip: "yes",
};

test.each([
  ["company", "ibm"],
  ["employer", "IBM"],
  ["companyName", "IBM Corp."],
  ["name", "Holt, Mira"],
  ["first_name", "Mira"],
  ["profile", "de.linkedin.com/in/mira-holt?trk=x"],
  ["phone", "tel:+49-30-5550100"],
  ["number", "0049 30 5550100"],
  ["contact", "mailto:Mira.Holt@nordlicht.example"],
  ["domain", "ibm.com"],
  ["mail_domain", "nordlicht.example"],
  ["vip", "Yes"],
  ["company", ["IBM"]],
  ["company", "['IBM']"],
  ["who", { name: "Mira Holt", company: "IBM", note: "" }],
])("%s: %j repeats the lead", (name, value) => {
  expect(repeatsLead(name, value, lead)).toBe(true);
});

test.each([
  ["company", "IBM Research"],
  ["email", "miraholt@nordlicht.example"],
  ["verdict", "YES"],
  ["staff", 12],
  ["name", ""],
  ["website", "ibm.com/careers"],
  ["tags", ["IBM", "Cloud"]],
  ["who", { name: "Mira Holt", title: "COO" }],
  ["who", {}],
])("%s: %j says more", (name, value) => {
  expect(repeatsLead(name, value, lead)).toBe(false);
});
