/** The stacks that a pipeline deploys, told from its declaration alone. */
import { type PipelineDeclaration, parseArn, type Target } from '../model/index.ts'
import type { DeployedStack } from './deployed-stack.ts'
import { findProvider } from './providers/index.ts'

/** Gives every stack as often as an action changes it. AWS: a stack is in the account of the action's role. */
export function deployedStacks(pipeline: PipelineDeclaration, home: Target): DeployedStack[] {
  return pipeline.stages.flatMap((stage) =>
    stage.actions.flatMap((action): DeployedStack[] => {
      const caller = action.roleArn ?? pipeline.roleArn
      const region = action.region ?? home.region
      const change = findProvider(action.actionTypeId)?.stack?.({
        ...{ pipeline, action, region, role: caller, surroundings: home },
      })
      if (!change) return []
      return [
        {
          pipeline: pipeline.name,
          stage: stage.name,
          action: action.name,
          account: parseArn(caller)?.account ?? home.account,
          region,
          caller,
          ...change,
        },
      ]
    }),
  )
}
