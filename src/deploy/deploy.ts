/** Deploys an assembly: wave after wave, each over all its accounts and regions at once. */
import type { Assembly } from '../model/index.ts'
import { type DeployContext, deployStack } from './deploy-stack.ts'
import { DeploymentFailure } from './deployment-failure.ts'
import type { StackFailure } from './events.ts'

/**
 * Deploys every wave. It can be run again at any point: stacks that would not change are skipped, failed creations are
 * cleared away first. The stacks of a wave all run to their end, also when one fails; then the deployment stops.
 * Errors: DeploymentFailure with every stack that failed.
 */
export async function deploy(assembly: Assembly, context: DeployContext): Promise<void> {
  for (const [index, stacks] of assembly.waves.entries()) {
    const started = context.now()
    const wave = index + 1
    context.listener({ type: 'wave-started', wave, stacks })
    const results = await Promise.allSettled(stacks.map((stack) => deployStack(context, stack)))
    const failures: StackFailure[] = []
    for (const result of results) {
      if (result.status === 'fulfilled') continue
      if (!(result.reason instanceof DeploymentFailure)) throw result.reason
      failures.push(...result.reason.failures)
    }
    if (failures.length) throw new DeploymentFailure(failures)
    context.listener({ type: 'wave-done', wave, milliseconds: context.now() - started })
  }
}
