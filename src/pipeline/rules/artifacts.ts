/** Rules for artifacts: made once, made before they are used, and never handed from one foreign account to another. */
import { parseArn, type Target } from '../../model/index.ts'
import { type PlacedAction, runsBefore } from '../placed-action.ts'
import { repeated, structure, type Violation } from '../violation.ts'

export function checkArtifacts(actions: readonly PlacedAction[], home: Target): Violation[] {
  const outputs = actions.flatMap((one) =>
    (one.action.outputArtifacts ?? []).map((artifact) => artifact.name),
  )
  return [
    ...repeated(outputs).map((name) =>
      structure(
        'stages',
        `Output Artifact Bundle name must be unique within the pipeline. ${name} has been used more than once.`,
      ),
    ),
    ...actions.flatMap((one) => checkInputs(one, actions, home)),
  ]
}

function checkInputs(user: PlacedAction, actions: readonly PlacedAction[], home: Target): Violation[] {
  return (user.action.inputArtifacts ?? []).flatMap(({ name }, index) => {
    const path = `${user.path}.inputArtifacts[${index}]`
    const producer = actions.find((one) =>
      one.action.outputArtifacts?.some((artifact) => artifact.name === name),
    )
    if (!producer || !runsBefore(producer, user))
      return [
        structure(
          path,
          `Input Artifact Bundle ${name} in action ${user.action.name} is not declared as Output Artifact Bundle in any of the preceding actions`,
        ),
      ]
    const [from, to] = [accountOf(producer, home), accountOf(user, home)]
    if (to === home.account || from === home.account || from === to) return []
    return [
      structure(
        path,
        `Action ${user.action.name} in account ${to} cannot use the artifact ${name} made in account ${from}; ` +
          `artifacts pass from one account to another only through the pipeline's account ${home.account}`,
      ),
    ]
  })
}

const accountOf = ({ action }: PlacedAction, home: Target): string =>
  (action.roleArn && parseArn(action.roleArn)?.account) || home.account
