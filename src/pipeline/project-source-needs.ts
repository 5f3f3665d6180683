/** What the role of a build project needs to fetch the project's own sources. */
import { formatArn, type Need, type Target } from '../model/index.ts'
import { secretArn } from './environment-values.ts'
import {
  CONNECTION_ACTIONS,
  codeCommitLocation,
  connectionPrefix,
  isRepository,
  type ProjectSourceSettings,
} from './project-source.ts'
import { needAll, optionally } from './provider.ts'

/**
 * Gives what a project's role needs to fetch a source; nothing for those that are no repositories.
 * AWS: CodeCommitPolicy of "Allow CodeBuild to interact with other AWS services"; "Multiple access tokens in CodeBuild".
 */
export function projectSourceNeeds(role: string, source: ProjectSourceSettings, where: Target): Need[] {
  if (!isRepository(source)) return credentialNeeds(role, source, where)
  const found = source.type === 'CODECOMMIT' ? codeCommitLocation(source.location ?? '') : undefined
  if (!found) return credentialNeeds(role, source, where)
  const repository = formatArn('codecommit', found.region, where.account, found.name)
  return needAll(role, ['codecommit:GitPull'], repository, 'to clone the project’s repository')
}

function credentialNeeds(role: string, { auth }: ProjectSourceSettings, where: Target): Need[] {
  const { type, resource } = auth ?? {}
  if (!resource) return []
  if (type === 'SECRETS_MANAGER')
    return needAll(
      role,
      ['secretsmanager:GetSecretValue'],
      secretArn(resource, where),
      'to read the token that the project’s repository is cloned with',
    )
  if (type !== 'CODECONNECTIONS') return []
  const use = (prefix: string) =>
    needAll(
      role,
      CONNECTION_ACTIONS.map((action) => `${prefix}:${action}`),
      resource,
      'to clone the project’s repository through its connection',
    )
  const own = connectionPrefix(resource)
  const other = own === 'codeconnections' ? 'codestar-connections' : 'codeconnections'
  return [...use(own), ...optionally(use(other))]
}
