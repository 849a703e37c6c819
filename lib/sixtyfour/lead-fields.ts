/** The fields that leads have, of which each kind takes some. Safe for the browser. */

/** A field of a lead, as a person fills it in. `name` is the key in the request. */
export interface LeadField {
  name: string;
  label: string;
  type: "text" | "email" | "phone" | "linkedin" | "domain" | "website";
  placeholder: string;
  /** Whether it says who is meant by itself: a lead needs at least one of these. */
  identifies: boolean;
  /** How else the column of a list may be headed. */
  alsoCalled: readonly string[];
  /** Lists have such columns; in a form it would only repeat another field. */
  isForLists?: true;
}

/** By what they are called in the entries of the kinds. */
export const field = {
  name: {
    name: "name",
    label: "Name",
    type: "text",
    placeholder: "Ada Lovelace",
    identifies: true,
    alsoCalled: ["full name", "person", "contact", "contact name", "lead", "lead name"],
  },
  firstName: {
    name: "first_name",
    label: "First name",
    type: "text",
    placeholder: "Ada",
    identifies: true,
    alsoCalled: ["given name", "forename"],
    isForLists: true,
  },
  lastName: {
    name: "last_name",
    label: "Last name",
    type: "text",
    placeholder: "Lovelace",
    identifies: true,
    alsoCalled: ["surname", "family name"],
    isForLists: true,
  },
  company: {
    name: "company",
    label: "Company",
    type: "text",
    placeholder: "Analytical Engines",
    identifies: true,
    alsoCalled: ["company name", "employer", "organisation", "organization", "account", "account name"],
  },
  title: {
    name: "title",
    label: "Job title",
    type: "text",
    placeholder: "Head of Research",
    identifies: false,
    alsoCalled: ["position", "role", "job"],
  },
  email: {
    name: "email",
    label: "Email",
    type: "email",
    placeholder: "ada@example.com",
    identifies: true,
    alsoCalled: ["email address", "e-mail", "mail", "work email", "business email"],
  },
  phone: {
    name: "phone",
    label: "Phone",
    type: "phone",
    placeholder: "+1 202 555 0143",
    identifies: true,
    alsoCalled: ["phone number", "telephone", "tel", "mobile", "cell"],
  },
  linkedin: {
    name: "linkedin",
    label: "LinkedIn URL",
    type: "linkedin",
    placeholder: "linkedin.com/in/ada-lovelace",
    identifies: true,
    alsoCalled: ["linkedin profile", "linkedin profile url", "person linkedin url", "profile url", "li"],
  },
  domain: {
    name: "company_domain",
    label: "Company website",
    type: "domain",
    placeholder: "analytical-engines.com",
    identifies: true,
    alsoCalled: ["domain", "website", "company domain", "company url", "url"],
  },
  location: {
    name: "location",
    label: "Location",
    type: "text",
    placeholder: "London",
    identifies: false,
    alsoCalled: ["city", "country", "region"],
  },
  companyName: {
    name: "company_name",
    label: "Company",
    type: "text",
    placeholder: "Analytical Engines",
    identifies: true,
    alsoCalled: ["company", "name", "organisation", "organization", "account", "account name"],
  },
  website: {
    name: "website",
    label: "Company website",
    type: "website",
    placeholder: "analytical-engines.com",
    identifies: true,
    alsoCalled: ["domain", "url", "company url", "company domain", "homepage"],
  },
  companyLinkedin: {
    name: "linkedin",
    label: "LinkedIn URL",
    type: "linkedin",
    placeholder: "linkedin.com/company/analytical-engines",
    identifies: true,
    alsoCalled: ["company linkedin", "company linkedin url", "linkedin page", "li"],
  },
  known: {
    name: "known",
    label: "What else is known",
    type: "text",
    placeholder: "Met at the fair in Berlin; asked about pricing",
    identifies: true,
    alsoCalled: ["notes", "note", "comment", "context"],
  },
} as const satisfies Record<string, LeadField>;
