"use client";

/** Shown where not even the frame of the pages can be drawn. Without components of ours, which may be the cause. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body style={{ fontFamily: "system-ui, sans-serif", maxWidth: 520, margin: "64px auto", padding: "0 16px" }}>
        <title>This page could not be shown</title>
        <h1>This page could not be shown</h1>
        <p>
          Your tasks and results are stored and safe. Reload the page.
          {error.digest && ` If this happens again, give your admin the reference ${error.digest}.`}
        </p>
        <button type="button" onClick={() => window.location.reload()}>
          Reload
        </button>
      </body>
    </html>
  );
}
