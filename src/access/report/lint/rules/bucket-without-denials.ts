/** Artifact buckets that take plain HTTP, or objects that are not encrypted with KMS. */
import type { PolicyStatement } from '../../../../model/index.ts'
import type { KnownBucket } from '../../../landscape/landscape.ts'
import { conditionsOf, listOf, statementsOf } from '../../../landscape/policy-statements.ts'
import type { FindingDetails, LintRule, LintSubject } from '../rule.ts'
import { artifactBuckets } from '../rule.ts'

const artifactStores = ({ landscape }: LintSubject): KnownBucket[] =>
  [...artifactBuckets(landscape)].flatMap((name) => landscape.buckets.get(name) ?? [])

const denies = ({ policy }: KnownBucket, test: (statement: PolicyStatement) => boolean): boolean =>
  policy !== undefined &&
  statementsOf(policy).some(([statement]) => statement.Effect === 'Deny' && test(statement))

export const bucketWithoutTls: LintRule = {
  id: 'bucket-without-tls',
  summary: 'An artifact bucket whose policy does not deny plain HTTP.',
  find: (subject) =>
    artifactStores(subject)
      .filter((bucket) => !denies(bucket, refusesPlainHttp))
      .map(
        ({ name, origin, policy }): FindingDetails => ({
          severity: 'warning',
          message: `the bucket ${name} can be used without TLS`,
          fix: 'deny s3:* on the bucket and its objects where aws:SecureTransport is "false"',
          origin: policy?.origin ?? origin,
        }),
      ),
}

const refusesPlainHttp = (statement: PolicyStatement): boolean =>
  conditionsOf(statement).some(([, key, values]) => key === 'aws:securetransport' && values.includes('false'))

export const bucketWithoutEncryptionDenial: LintRule = {
  id: 'bucket-without-encryption-denial',
  summary: 'An artifact bucket whose policy does not deny uploads that are not encrypted with KMS.',
  find: (subject) =>
    artifactStores(subject)
      .filter((bucket) => !denies(bucket, refusesOtherEncryption))
      .map(
        ({ name, origin, policy }): FindingDetails => ({
          severity: 'warning',
          message: `the bucket ${name} takes objects that are not encrypted with the pipeline's key`,
          fix: 'deny s3:PutObject where s3:x-amz-server-side-encryption is not "aws:kms"',
          origin: policy?.origin ?? origin,
        }),
      ),
}

const refusesOtherEncryption = (statement: PolicyStatement): boolean =>
  listOf(statement.Action).some((action) => /^(\*|s3:(\*|put.*))$/i.test(action)) &&
  conditionsOf(statement).some(([, key]) => key.startsWith('s3:x-amz-server-side-encryption'))
