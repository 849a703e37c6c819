import { expect, test } from "@/e2e/fixtures";

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

test("a guess that Sixtyfour itself rejects counts nowhere as found", async ({
  sandbox,
  submission,
  dashboard,
  taskPage,
  page,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  const [job] = await sandbox.jobs();
  const email = [["guess@nordlicht.example", "NOT_FOUND", "COMPANY"]];
  await sandbox.release(job?.taskId ?? "", { status: "completed", result: { name: leadName, title: "COO", email } });
  await expect(dashboard.cell(leadName, "result")).toHaveText("Nothing found");
  await page.goto(`/?found=yes&q=${leadName}`);
  await expect(page.getByText("No task fits")).toBeVisible();
  await page.goto(`/?found=no&q=${leadName}`);
  await dashboard.openTask(leadName);
  const section = taskPage.section("Result");
  await expect(section).toContainText("Nothing was found.");
  await expect(section).toContainText("guess@nordlicht.exampleNot found");
  // A fact that nobody asked for is kept, and is no find.
  await expect(section.getByRole("table", { name: "Other" })).toContainText("COO");
});

test("a picture is shown from Sixtyfour's media address alone, and lists and dicts in any notation are read", async ({
  sandbox,
  submission,
  dashboard,
  taskPage,
  page,
  leadName,
}) => {
  const photo = "https://api.sixtyfour.ai/v1/media/ada.png";
  await page.route("https://api.sixtyfour.ai/**", (route) =>
    route.request().url() === photo ? route.fulfill({ body: PIXEL, contentType: "image/png" }) : route.abort(),
  );
  await sandbox.hold(true);
  await submission.open("people_intelligence");
  await submission.fill({ Name: leadName });
  await submission.submitButton.click();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  const [job] = await sandbox.jobs();
  const structured_data = {
    photo,
    broken_photo: "https://api.sixtyfour.ai/v1/media/gone.png",
    elsewhere: "https://pictures.example/ada.png",
    skills: "['Sales', \"Go-to-market\"]",
    office: "{'city': 'London', 'floor': 3}",
    pet: "None found",
  };
  await sandbox.release(job?.taskId ?? "", {
    status: "completed",
    result: { structured_data, confidence_score: 0.92 },
  });
  await dashboard.openTask(leadName);
  const section = taskPage.section("Result");
  const picture = section.getByRole("img", { name: "photo", exact: true });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  await expect(section.getByRole("link", { name: "api.sixtyfour.ai/v1/media/gone.png" })).toBeVisible();
  await expect(section.getByRole("link", { name: "pictures.example/ada.png" })).toBeVisible();
  await expect(section.getByRole("img")).toHaveCount(1);
  await expect(section.getByRole("row").filter({ hasText: "skills" })).toContainText("Sales, Go-to-market");
  await expect(section.getByRole("definition")).toHaveText(["London", "3"]);
  await expect(section.getByRole("row").filter({ hasText: "pet" })).toContainText("Not found");
  await expect(section).toContainText("Confidence in the whole result 92%");
  // The server's page hydrates without an error, which would fail the test.
  await page.reload();
  await section.getByRole("tab", { name: "JSON" }).click();
  await expect(section.getByLabel("Result as JSON")).toBeVisible();
});

test("request fields that Sixtyfour ignored are told, and an Atlas run links its investigation", async ({
  sandbox,
  submission,
  dashboard,
  taskPage,
  page,
  leadName,
}) => {
  await sandbox.hold(true);
  const investigation = { id: "inv_1", workspace_url: "https://app.sixtyfour.example/inv_1" };
  const body = { task_id: `job_${leadName}`, status: null, unrecognized_fields: ["research_plam"], investigation };
  await sandbox.setTierAccess(true);
  await sandbox.nextSubmit({ status: 200, accepted: true, body });
  await submission.open("people_intelligence");
  await submission.fill({ Name: leadName });
  await expect(page.getByLabel("Budget")).toBeHidden();
  await submission.field("Tier").selectOption("xhigh");
  await expect(page.getByLabel("Include workspace files in the result")).not.toBeChecked();
  await page.getByLabel("Budget").fill("2");
  await submission.submitButton.click();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  const [job] = await sandbox.jobs();
  expect(job?.body).toMatchObject({ tier: "xhigh", include_workspace: false, budget: 2 });
  await dashboard.openTask(leadName);
  await expect(page.getByRole("alert").filter({ hasText: "Sixtyfour ignored: research_plam" })).toBeVisible();
  await expect(taskPage.section("Task").getByRole("link", { name: "app.sixtyfour.example/inv_1" })).toBeVisible();
});

test("a people submit whose answer was lost is sent again automatically, and charged once", async ({
  sandbox,
  submission,
  dashboard,
  taskPage,
  leadName,
}) => {
  await sandbox.hold(true);
  await sandbox.nextSubmit({ loseAnswer: true });
  await submission.open("people_intelligence");
  await submission.fill({ Name: leadName });
  await submission.submitButton.click();
  await dashboard.open();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running", { timeout: 20_000 });
  expect(await sandbox.stats()).toMatchObject({ accepted: 1 });
  await dashboard.openTask(leadName);
  await expect(taskPage.section("History")).toContainText(
    "It is sent again automatically under the same idempotency key.",
  );
});
