/** Deploys a fleet as `crossdock deploy` does, without a terminal. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Accounts } from '../../src/aws/index.ts'
import { deploy } from '../../src/deploy/index.ts'
import type { Assembly } from '../../src/model/index.ts'
import { renderTemplate } from '../../src/synth/index.ts'

/** Resolves when all stacks stand. Errors: DeploymentFailure. */
export const deployQuietly = async (assembly: Assembly, accounts: Accounts): Promise<void> => {
  await deploy(assembly, {
    accounts,
    render: (stack) => renderTemplate(stack.template),
    listener: () => undefined,
    pace: { interval: 20, sleep: (ms) => sleep(ms) },
    now: Date.now,
    token: 'journey',
  })
}
