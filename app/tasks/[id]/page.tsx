import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { requirePage } from "@/app/access";
import { kindLabel, leadTitle } from "@/app/tasks/_components/lead-title";
import { TaskPageView } from "@/app/tasks/[id]/_components/task-page-view";
import { taskQuery } from "@/app/tasks/queries";
import { isAdmin } from "@/lib/actor";
import { appContext } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { getTask } from "@/lib/tasks/get";

/** Asked by the title and by the page, read once a request. */
const loadTask = cache(async (id: string) => {
  await requirePage();
  try {
    return await getTask(appContext(), id);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
});

export async function generateMetadata({ params }: PageProps<"/tasks/[id]">): Promise<Metadata> {
  const task = await loadTask((await params).id);
  return { title: task ? `${leadTitle(task).title}, ${kindLabel(task.kind).toLowerCase()}` : "Not found" };
}

/** One task: the lead, the result, and what happened to it. */
export default async function TaskPage({ params }: PageProps<"/tasks/[id]">) {
  const { id } = await params;
  const task = await loadTask(id);
  if (!task) notFound();
  const queryClient = new QueryClient();
  queryClient.setQueryData(taskQuery(id).queryKey, task);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <TaskPageView id={id} mayEraseMany={isAdmin(await requirePage())} />
    </HydrationBoundary>
  );
}
