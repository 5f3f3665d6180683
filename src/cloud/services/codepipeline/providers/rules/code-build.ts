/** A build that decides: the rule is met when it succeeds. */
import { codeBuild } from '../code-build.ts'
import type { Runner } from '../runner.ts'
import { expireRule } from './rule-timeout.ts'

export const codeBuildRule: Runner = {
  ...codeBuild,
  id: 'Rule/CodeBuild',
  run: (job) => {
    expireRule(job)
    return codeBuild.run(job)
  },
}
