/**
 * Asks once, and reads all of the answer.
 *
 * @returns how long that took, in milliseconds
 * @throws where the answer is not a 2xx
 */
export async function ask(url: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return performance.now() - startedAt;
}
