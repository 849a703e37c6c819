import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { requirePage } from "@/app/access";
import { LEAD_STATES, type LeadState, submissionTitle } from "@/app/submissions/_components/lead-states";
import { SubmissionPageView } from "@/app/submissions/[id]/_components/submission-page-view";
import { submissionQuery } from "@/app/submissions/queries";
import { appContext } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { getSubmission } from "@/lib/submissions/get";

/** Asked by the title and by the page, read once a request. */
const loadSubmission = cache(async (id: string) => {
  await requirePage();
  try {
    return await getSubmission(appContext(), id);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
});

export async function generateMetadata({ params }: PageProps<"/submissions/[id]">): Promise<Metadata> {
  const submission = await loadSubmission((await params).id);
  return { title: submission ? submissionTitle(submission) : "Not found" };
}

/** One submission: how far it has come, and each of its leads. `?status=` narrows these. */
export default async function SubmissionPage({ params, searchParams }: PageProps<"/submissions/[id]">) {
  const { id } = await params;
  const { status } = await searchParams;
  const submission = await loadSubmission(id);
  if (!submission) notFound();
  const queryClient = new QueryClient();
  queryClient.setQueryData(submissionQuery(id).queryKey, submission);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <SubmissionPageView id={id} status={readState(status)} />
    </HydrationBoundary>
  );
}

function readState(given: string | string[] | undefined): LeadState | null {
  return LEAD_STATES.find(({ state }) => state === given)?.state ?? null;
}
