/** A rule that a build decides: met when it succeeds. */

import { makesNothing, type RuleProvider, ruleType } from '../../rule-provider.ts'
import { codeBuild } from '../code-build.ts'

const { ServiceRoleArnOverride: _, BuildspecOverride: __, ...configuration } = codeBuild.configuration

/** AWS: as the action's, but for what gives a build another role or buildspec (rule-reference-CodeBuild). */
export const codeBuildRule: RuleProvider = {
  ...codeBuild,
  ...makesNothing,
  type: ruleType('CodeBuild'),
  configuration,
}
