/** Schema of who may put the zip file of a source into the bucket that Crossdock makes. */
import * as z from 'zod/mini'
import { repositoryPath } from './repository-path.ts'

const branch = z
  ._default(z.string().check(z.regex(/^[^*?\s]+$/, 'must be the name of one branch')), 'main')
  .check(z.describe('branch whose jobs may'))

const issuer = z
  .string()
  .check(z.regex(/^https:\/\/[^/?#]+(\/[^?#]*[^/?#])?$/, 'must be the https:// address of an issuer'))

export const writersSchema = z.array(
  z.union([
    z
      .string()
      .check(
        z.regex(
          /^arn:[^:]+:iam::\d{12}:(role|user)\/[^*?]+$/,
          'must be the ARN of a role or a user, `github`, `gitlab` or `oidc`',
        ),
      ),
    z.strictObject({
      github: repositoryPath('flat').check(
        z.describe('owner/repository whose workflows may → a role that GitHub’s tokens assume'),
      ),
      branch,
    }),
    z.strictObject({
      gitlab: repositoryPath('nested').check(
        z.describe('group/project whose jobs may → a role that GitLab’s tokens assume'),
      ),
      branch,
    }),
    z.strictObject({
      oidc: issuer.check(z.describe('issuer of other tokens → a role that they assume')),
      audience: z.string().check(z.minLength(1), z.describe('audience that they must have → condition aud')),
      subject: z.string().check(z.minLength(1), z.describe('subject that they must have → condition sub')),
    }),
  ]),
)
export type WriterFile = z.output<typeof writersSchema>[number]

/** Tokens of an identity provider, all of whose claims must be these. */
export interface TokenWriter {
  /** The issuer without `https://`: AWS's name of the provider. */
  readonly issuer: string
  readonly audience: string
  readonly subject: string
}

/** Gives the tokens that a writer comes with; undefined for a role or a user. */
export function tokenWriter(writer: WriterFile): TokenWriter | undefined {
  if (typeof writer === 'string') return undefined
  // GitHub: "repo:ORG/REPO:ref:refs/heads/BRANCH"; aws-actions/configure-aws-credentials asks for this audience.
  if ('github' in writer)
    return {
      issuer: 'token.actions.githubusercontent.com',
      audience: 'sts.amazonaws.com',
      subject: `repo:${writer.github}:ref:refs/heads/${writer.branch}`,
    }
  // GitLab: "project_path:GROUP/PROJECT:ref_type:branch:ref:BRANCH"; jobs name the audience in `id_tokens`.
  if ('gitlab' in writer)
    return {
      issuer: 'gitlab.com',
      audience: 'https://gitlab.com',
      subject: `project_path:${writer.gitlab}:ref_type:branch:ref:${writer.branch}`,
    }
  return {
    issuer: writer.oidc.replace('https://', ''),
    audience: writer.audience,
    subject: writer.subject,
  }
}
