/** `crossdock schema`: prints the JSON Schema of fleet files, for editors. */
import { fleetJsonSchema } from '../../fleet/index.ts'
import type { Command } from '../command.ts'

export const schema: Command = {
  examples: ['schema'],
  run: async ({ terminal }) => {
    terminal.print(JSON.stringify(fleetJsonSchema('ref'), null, 2))
    return 0
  },
}
