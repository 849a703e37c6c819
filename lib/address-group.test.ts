import { expect, test } from "vitest";
import { groupAddress } from "@/lib/address-group";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  [" 192.0.2.7 ", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["a made-up header ".repeat(100), "unknown"],
  ["192.0.2.7:443", "unknown"],
  ["", "unknown"],
  [null, "unknown"],
])("%s is counted as %s", (address, group) => {
  expect(groupAddress(address)).toBe(group);
});
