/** What an action has to say: what went wrong, or what was done where the page does not show it; null where there is nothing. */
export type ActionState = { error: string } | { done: string } | null;
