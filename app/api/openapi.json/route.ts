import { answer } from "@/app/api/authorise";
import { openApiDocument } from "@/lib/openapi/document";

/** The API for programs, described. */
export async function GET(): Promise<Response> {
  return answer("both", async () => Response.json(openApiDocument()));
}
