import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Loads again what a change has touched. An answer that is still on its way may be of before the change, and where it is
 * the first one `invalidateQueries` alone would wait for it and take it for new.
 */
export async function askAnew(queryClient: QueryClient, queryKey: QueryKey): Promise<void> {
  await queryClient.cancelQueries({ queryKey });
  await queryClient.invalidateQueries({ queryKey });
}
