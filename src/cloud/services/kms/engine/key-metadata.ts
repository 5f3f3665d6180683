/** A key as the wire has it. */
import type { KeyRecord } from '../state.ts'

/** Gives the metadata of a key. */
export const keyMetadata = (key: KeyRecord) => ({
  AWSAccountId: key.account,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: new Date(key.created),
  Enabled: key.state === 'Enabled',
  Description: key.description,
  KeyUsage: 'ENCRYPT_DECRYPT' as const,
  KeyState: key.state,
  ...(key.deletionDate === undefined ? {} : { DeletionDate: new Date(key.deletionDate) }),
  Origin: 'AWS_KMS' as const,
  KeyManager: key.manager,
  CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' as const,
  KeySpec: 'SYMMETRIC_DEFAULT' as const,
  EncryptionAlgorithms: ['SYMMETRIC_DEFAULT' as const],
  MultiRegion: false,
})
