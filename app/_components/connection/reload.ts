import { checkConnection } from "@/app/_components/connection/connection";
import { keepEntries } from "@/app/_components/connection/kept-entries";

/** Loads the page again and keeps what was typed; does nothing where the browser would show an error page in its place. */
export async function reload(): Promise<void> {
  if (!(await checkConnection())) return;
  keepEntries();
  window.location.reload();
}
