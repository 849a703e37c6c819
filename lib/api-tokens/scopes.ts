/** read: all GET routes for programs · submit: sends leads, which is charged · admin: both, and what only admins may do. */
export const TOKEN_SCOPES = ["read", "submit", "admin"] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** A new token's, if nothing else is chosen. */
export const DEFAULT_TOKEN_SCOPES: TokenScope[] = ["read", "submit"];

/** True if a token with these scopes may do what needs `needed`. */
export function hasScope(scopes: readonly TokenScope[], needed: TokenScope): boolean {
  return scopes.includes(needed) || scopes.includes("admin");
}
