import { Anchor, Text } from "@mantine/core";

/** `example.com/about`: people leave the scheme out. */
const BARE_ADDRESS = /^[\w-]+(\.[\w-]+)+(\/\S*)?$/;

/** An address from a result. Only http(s) becomes a link: the text comes from outside and is not to be trusted. */
export function OutsideLink({ url }: { url: string }) {
  const full = BARE_ADDRESS.test(url) ? `https://${url}` : url;
  const parsed = URL.canParse(full) ? new URL(full) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    return (
      <Text span size="sm" className="break-anywhere">
        {url}
      </Text>
    );
  }
  return (
    <Anchor href={parsed.href} target="_blank" rel="noopener noreferrer nofollow" size="sm" className="break-anywhere">
      {parsed.hostname.replace(/^www\./, "")}
      {parsed.pathname !== "/" && <span>{decodePath(parsed.pathname)}</span>}
    </Anchor>
  );
}

function decodePath(pathname: string): string {
  try {
    return decodeURI(pathname);
  } catch {
    // A stray percent sign: the path is shown as it was given.
    return pathname;
  }
}
