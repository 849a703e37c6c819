"use client";

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { isHearingNews } from "@/app/_components/news/pace";
import { Toasts } from "@/app/_components/shell/toasts";
import { learnSkew, RenderedAt } from "@/app/_components/use-now";
import { cssVariablesResolver, theme } from "@/app/theme";

let browserQueryClient: QueryClient | undefined;

/** One cache a browser, a new one for each request on the server: people must never see each other's. */
function queryClient(): QueryClient {
  if (typeof window === "undefined") return makeQueryClient();
  browserQueryClient ??= makeQueryClient();
  return browserQueryClient;
}

function makeQueryClient(): QueryClient {
  // Hydrated data counts as fresh for a moment, so that the page doesn't ask at once for what it was sent with.
  return new QueryClient({
    defaultOptions: {
      // Back in a tab that has heard of all news meanwhile, nothing has to be asked for again.
      queries: { staleTime: 1_000, retry: 1, refetchOnWindowFocus: () => !isHearingNews() },
    },
  });
}

export function Providers({ renderedAt, children }: { renderedAt: number; children: ReactNode }) {
  useEffect(() => void learnSkew(renderedAt), [renderedAt]);
  return (
    <RenderedAt value={renderedAt}>
      <QueryClientProvider client={queryClient()}>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
          <Toasts />
          {children}
        </MantineProvider>
      </QueryClientProvider>
    </RenderedAt>
  );
}
