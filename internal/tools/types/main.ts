// Writes assets/dist/index.d.ts. Run it by "npm run types".
import { writeFileSync } from "node:fs";
import { committed, types } from "./types.js";

writeFileSync(committed, types());
