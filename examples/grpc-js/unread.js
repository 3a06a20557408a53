// Asks over TLS how many messages a user has not read, and prints the number.
// With grpc-js, which makes its calls from the descriptor set instead of generated code.
//
// Arguments: the file of the descriptor set, HOST:PORT, the id of the user, the file of the server's authority, and
// then either a service key, or the files of a client certificate and of its private key.
import { readFileSync } from "node:fs";
import { Metadata, credentials, loadPackageDefinition } from "@grpc/grpc-js";
import { loadFileDescriptorSetFromBuffer } from "@grpc/proto-loader";

const [descriptors, address, user, authority, ...proof] = process.argv.slice(2);
const definition = loadFileDescriptorSetFromBuffer(readFileSync(descriptors), { longs: String });
const { UserService } = loadPackageDefinition(definition).backscroll.v1;
const metadata = new Metadata();
let certificate = [];
if (proof.length === 1) {
  metadata.set("authorization", `Bearer ${proof[0]}`);
} else {
  const [chain, key] = proof.map((file) => readFileSync(file));
  certificate = [key, chain];
}
const client = new UserService(address, credentials.createSsl(readFileSync(authority), ...certificate));
client.getUnreadSummary({ user_id: user }, metadata, { deadline: Date.now() + 10_000 }, (error, response) => {
  if (error) {
    console.error(error.message);
    process.exitCode = 1;
  } else {
    console.log(response.totals.unread_count);
  }
  client.close();
});
