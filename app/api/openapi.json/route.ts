import { openApiDocument } from "@/lib/openapi/document";

/** The API for programs, described. It says nothing that is not public, so it asks for no token. */
export function GET(): Response {
  return Response.json(openApiDocument());
}
