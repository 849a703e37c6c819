import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { askAnew } from "@/app/ask-anew";

test("an answer that was on its way before the change is not taken for one of after it, not even the first", async () => {
  const queryClient = new QueryClient();
  const answers: ((templates: string[]) => void)[] = [];
  const ask = vi.fn(() => new Promise<string[]>((resolve) => answers.push(resolve)));
  const observer = new QueryObserver(queryClient, { queryKey: ["templates"], queryFn: ask });
  const stop = observer.subscribe(() => {});
  expect(ask).toHaveBeenCalledTimes(1);

  const isAsked = askAnew(queryClient, ["templates"]);
  answers[0]?.([]);
  await vi.waitFor(() => expect(ask).toHaveBeenCalledTimes(2));
  answers[1]?.(["saved"]);
  await isAsked;
  expect(observer.getCurrentResult().data).toEqual(["saved"]);
  stop();
});
