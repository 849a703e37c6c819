"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { showPage } from "@/app/_components/connection/progress";

/** The bar on top of the window while a page is on its way. The router tells assistive technology of the new page. */
export function NavigationProgress() {
  const pathname = usePathname();
  const search = useSearchParams();
  useEffect(() => showPage(`${pathname}?${search}`), [pathname, search]);
  return <div className="navigation-progress" aria-hidden />;
}
