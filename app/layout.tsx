import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@/app/global.css";
import { ColorSchemeScript, Container, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { connection } from "next/server";
import { AppHeader } from "@/app/_components/app-header";
import { ConnectionStrip } from "@/app/_components/connection/connection-strip";
import { NavigationProgress } from "@/app/_components/connection/navigation-progress";
import { News } from "@/app/_components/news/news";
import { PollingBanner } from "@/app/_components/polling-banner";
import { currentActor } from "@/app/access";
import { BUILD_NAME } from "@/app/build-name";
import { Providers } from "@/app/providers";
import { NONCE_HEADER } from "@/app/request-headers";
import { env } from "@/lib/env";

export const metadata: Metadata = {
  title: { default: "Tasks · Sixtyfour dashboard", template: "%s · Sixtyfour dashboard" },
  description: "Submit leads to Sixtyfour, receive the results by webhook, lose nothing.",
  robots: { index: false, follow: false },
  manifest: "/manifest.webmanifest",
  icons: {
    // Browsers that do not support SVG icons use the first one.
    icon: [
      { url: "/favicon.ico", sizes: "48x48" },
      { url: "/icon.svg", sizes: "any", type: "image/svg+xml" },
    ],
    apple: { url: "/apple-touch-icon.png", sizes: "180x180", type: "image/png" },
  },
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#242424" },
  ],
};

export default async function RootLayout({ children }: LayoutProps<"/">) {
  // The environment is known when a request comes, not when the app is built.
  await connection();
  const { sixtyfour, webhook, isServerless } = env();
  const actor = await currentActor();
  const nonce = (await headers()).get(NONCE_HEADER) ?? undefined;
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" nonce={nonce} />
      </head>
      <body>
        <Providers renderedAt={Date.now()}>
          <NavigationProgress />
          <a href="#main" className="skip-link">
            Skip to content
          </a>
          {actor && <News hasStream={!isServerless} />}
          <AppHeader isSandbox={sixtyfour.isSandbox} actor={actor} />
          <ConnectionStrip build={BUILD_NAME} />
          {actor && webhook.target.missing && <PollingBanner missing={webhook.target.missing} />}
          <Container size="xl" component="main" id="main" py="xl" tabIndex={-1}>
            {children}
          </Container>
        </Providers>
      </body>
    </html>
  );
}
