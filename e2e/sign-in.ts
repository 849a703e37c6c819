import type { Page } from "@playwright/test";

/** The first admin of an app that asks for a sign-in. */
export const ADMIN = { email: "ada@example.com", password: "words of the first admin" };

/** Variables with which an app asks for one; those of `e2e/stack.ts` ask for none, which only a sandbox may. */
export const SIGN_IN_VARIABLES = {
  ACCESS: "",
  AUTH_SECRET: "auth-secret-that-must-stand-nowhere",
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
};

/** Fills in the form that is on the page. */
export async function signIn(page: Page, { email, password } = ADMIN): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
