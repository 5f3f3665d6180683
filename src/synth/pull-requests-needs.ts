/** What builds of pull requests need. */
import { formatArn, type Need } from '../model/index.ts'
import { ownProjectNeeds } from '../pipeline/index.ts'
import type { Names } from './names.ts'
import { type BuildProject, surroundingsOf } from './projects.ts'

/** Gives it for a project that builds a repository of its own, and nothing for others. */
export function repositoryNeeds(project: BuildProject, names: Names): Need[] {
  const { repository, name, target } = project
  if (!repository) return []
  const { type, location, connection } = repository
  return ownProjectNeeds({
    ...surroundingsOf(project, names),
    arn: formatArn('codebuild', target.region, target.account, `project/${name}`),
    sources: [{ type, location, auth: { type: 'CODECONNECTIONS', resource: connection } }],
  })
}
