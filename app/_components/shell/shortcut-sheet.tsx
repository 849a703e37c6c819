"use client";

import { Kbd, Modal, Stack, Switch, Table } from "@mantine/core";
import { SHORTCUTS, useSingleKeys } from "@/app/_components/shell/use-shortcuts";

/** Which keys do what. */
export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const [areSingleKeysOn, setAreSingleKeysOn] = useSingleKeys();
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" closeButtonProps={{ "aria-label": "Close" }} centered>
      <Stack>
        <Table aria-label="Shortcuts" verticalSpacing={6} withRowBorders={false}>
          <Table.Tbody>
            {SHORTCUTS.map(({ keys, what }) => (
              <Table.Tr key={what}>
                <Table.Th scope="row" w={120} fw={400}>
                  {keys.map((key, index) => (
                    <span key={key}>
                      {index > 0 && " "}
                      <Kbd>{key}</Kbd>
                    </span>
                  ))}
                </Table.Th>
                <Table.Td>{what}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Switch
          label="Shortcuts of a single key"
          description="Off, only Ctrl K works. Kept in this browser."
          checked={areSingleKeysOn}
          onChange={({ currentTarget }) => setAreSingleKeysOn(currentTarget.checked)}
        />
      </Stack>
    </Modal>
  );
}
