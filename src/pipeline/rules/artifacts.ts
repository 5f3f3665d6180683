/** Rules for artifacts: made once, made before they are used, and handed between foreign accounts at one's own risk. */
import { parseArn, type Target } from '../../model/index.ts'
import { type PlacedAction, runsBefore } from '../placed-action.ts'
import { repeated, structure, type Violation } from '../violation.ts'

/** `rules` use artifacts as actions do, and make none. */
export function checkArtifacts(
  actions: readonly PlacedAction[],
  rules: readonly PlacedAction[],
  home: Target,
): Violation[] {
  const outputs = actions.flatMap((one) =>
    (one.action.outputArtifacts ?? []).map((artifact) => artifact.name),
  )
  return [
    ...repeated(outputs).map((name) =>
      structure(
        'stages',
        `Output Artifact Bundle name must be unique within the pipeline. ${name} has been used more than once.`,
        `give one of the output artifacts ${name} another name`,
      ),
    ),
    ...[...actions, ...rules].flatMap((one) => checkInputs(one, actions, home)),
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
          `Input Artifact Bundle ${name} in ${nounOf(user)} ${user.action.name} is not declared as Output Artifact Bundle in any of the preceding actions`,
          producer
            ? `let ${producer.action.name}, which makes it, run before: in an earlier stage, or with a smaller RunOrder`
            : `name an artifact that an earlier action makes${listed(madeBefore(user, actions))}`,
        ),
      ]
    const [from, to] = [accountOf(producer, home), accountOf(user, home)]
    if (to === home.account || from === home.account || from === to) return []
    return [handedOver({ path, name, user, from, to, home })]
  })
}

interface Handover {
  readonly path: string
  readonly name: string
  readonly user: PlacedAction
  readonly from: string
  readonly to: string
  readonly home: Target
}

/**
 * AWS's guide on pipelines with several accounts: "you cannot pass an artifact from one account to another if neither
 * account is the pipeline account". CreatePipeline takes such a pipeline and it runs: awslabs/aws-deployment-framework#447
 * tells of one whose only failure was that S3 left an object to the account that had written it, mended by
 * BucketOwnerEnforced. So the owner of the object decides, as the proof and S3 say, and this is a warning.
 */
const handedOver = ({ path, name, user, from, to, home }: Handover): Violation => ({
  ...structure(
    path,
    `${user.action.actionTypeId.category === 'Rule' ? 'Rule' : 'Action'} ${user.action.name} in account ${to} uses the artifact ${name} made in account ${from}; AWS's guide says that ` +
      `artifacts pass only from or to the pipeline's account ${home.account}`,
    `let the artifact bucket own what is written into it (BucketOwnerEnforced), or make ${name} in account ${home.account} or ${to}`,
  ),
  severity: 'warning',
})

const nounOf = ({ action }: PlacedAction): string =>
  action.actionTypeId.category === 'Rule' ? 'rule' : 'action'

const madeBefore = (user: PlacedAction, actions: readonly PlacedAction[]): string[] =>
  actions
    .filter((one) => runsBefore(one, user))
    .flatMap(({ action }) => (action.outputArtifacts ?? []).map(({ name }) => name))

const listed = (names: readonly string[]): string => (names.length ? `: ${names.join(', ')}` : '')

const accountOf = ({ action }: PlacedAction, home: Target): string =>
  (action.roleArn && parseArn(action.roleArn)?.account) || home.account
