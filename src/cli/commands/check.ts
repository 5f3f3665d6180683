/** `crossdock check`: proves that every role may make every call its pipeline makes, without touching any account. */
import type { Command } from '../command.ts'
import { proofInputOf, proofOf, TEMPLATES_OPTION } from '../proof-input.ts'
import { printProof, proofSummary } from '../view/proof-view.ts'
import { FLEET_OPTION } from '../workspace.ts'

export const check: Command = {
  options: [
    FLEET_OPTION,
    TEMPLATES_OPTION,
    { flags: '--verbose', description: 'a line for every action, also when all holds' },
  ],
  run: async (invocation) => {
    const { terminal, options } = invocation
    const start = performance.now()
    const input = await proofInputOf(invocation)
    const proof = proofOf(input)
    const milliseconds = performance.now() - start
    const failed = proof.edges.some(({ verdict }) => verdict === 'denied')
    if (options.json) terminal.print(JSON.stringify({ name: input.name, ...proof, milliseconds }, null, 2))
    else {
      printProof(proof, terminal, options.verbose === true)
      terminal.print(proofSummary(input.name, proof, terminal, milliseconds))
    }
    return failed ? 1 : 0
  },
}
