/** What CloudFormation needs for EFS and AWS Backup resources. */
import { linkedRole, registry, type TypeTable } from './type-facts.ts'

const FILES = 'arn:aws:elasticfilesystem:{region}:{account}:file-system/*'
const ACCESS = 'arn:aws:elasticfilesystem:{region}:{account}:access-point/*'
const VAULT = 'arn:aws:backup:{region}:{account}:backup-vault:{name}'
const PLAN = 'arn:aws:backup:{region}:{account}:backup-plan:*'
const fileTags = [
  'elasticfilesystem:ListTagsForResource',
  'elasticfilesystem:TagResource',
  'elasticfilesystem:UntagResource',
]
const backupTags = ['backup:ListTags', 'backup:TagResource', 'backup:UntagResource']

export const storage: TypeTable = {
  'AWS::EFS::FileSystem': {
    ...registry('AWS::EFS::FileSystem', '118629c5d8d7'),
    grants: [
      // AWS: creation is authorized on no resource, and a file system's id is made up.
      { on: '*', create: ['elasticfilesystem:CreateFileSystem'] },
      {
        on: FILES,
        read: [
          'elasticfilesystem:DescribeBackupPolicy',
          'elasticfilesystem:DescribeFileSystemPolicy',
          'elasticfilesystem:DescribeFileSystems',
          'elasticfilesystem:DescribeLifecycleConfiguration',
          'elasticfilesystem:DescribeReplicationConfigurations',
        ],
        update: ['elasticfilesystem:UpdateFileSystem'],
        delete: ['elasticfilesystem:DeleteFileSystem'],
        tag: fileTags,
      },
      { on: FILES, when: ['BackupPolicy'], create: ['elasticfilesystem:PutBackupPolicy'] },
      {
        on: FILES,
        when: ['FileSystemPolicy'],
        create: ['elasticfilesystem:PutFileSystemPolicy'],
        update: ['elasticfilesystem:DeleteFileSystemPolicy'],
      },
      { on: FILES, when: ['LifecyclePolicies'], create: ['elasticfilesystem:PutLifecycleConfiguration'] },
      {
        on: FILES,
        when: ['FileSystemProtection'],
        create: ['elasticfilesystem:UpdateFileSystemProtection'],
      },
      {
        on: FILES,
        when: ['ReplicationConfiguration'],
        create: ['elasticfilesystem:CreateReplicationConfiguration'],
        delete: ['elasticfilesystem:DeleteReplicationConfiguration'],
      },
      {
        on: '{key:KmsKeyId}',
        when: ['Encrypted', 'KmsKeyId'],
        create: ['kms:CreateGrant', 'kms:DescribeKey', 'kms:GenerateDataKeyWithoutPlaintext'],
      },
    ],
    tagProperty: 'FileSystemTags',
  },
  'AWS::EFS::MountTarget': {
    ...registry('AWS::EFS::MountTarget', '21689a45ee00'),
    grants: [
      {
        on: FILES,
        create: ['elasticfilesystem:CreateMountTarget'],
        read: [
          'elasticfilesystem:DescribeMountTargetSecurityGroups',
          'elasticfilesystem:DescribeMountTargets',
        ],
        update: ['elasticfilesystem:ModifyMountTargetSecurityGroups'],
        delete: ['elasticfilesystem:DeleteMountTarget'],
      },
      // AWS: a mount target is a network interface, which EFS makes for who asks for it.
      {
        on: 'arn:aws:ec2:{region}:{account}:network-interface/*',
        create: ['ec2:CreateNetworkInterface'],
        delete: ['ec2:DeleteNetworkInterface'],
        undeclared: 'EFS makes and deletes the interface with the permissions of the caller',
      },
      ...['subnet', 'security-group'].map((kind) => ({
        on: `arn:aws:ec2:{region}:{account}:${kind}/*`,
        create: ['ec2:CreateNetworkInterface'],
        undeclared: 'the interface is authorized on what it lies in',
      })),
      {
        on: '*',
        read: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
        undeclared: 'EFS looks at the subnet and its interfaces with the permissions of the caller',
      },
    ],
  },
  'AWS::EFS::AccessPoint': {
    ...registry('AWS::EFS::AccessPoint', '172b17d7ed98'),
    tagProperty: 'AccessPointTags',
    grants: [
      { on: FILES, create: ['elasticfilesystem:CreateAccessPoint'] },
      {
        on: ACCESS,
        read: ['elasticfilesystem:DescribeAccessPoints'],
        delete: ['elasticfilesystem:DeleteAccessPoint'],
        tag: fileTags,
      },
    ],
  },
  'AWS::Backup::BackupVault': {
    ...registry('AWS::Backup::BackupVault', '11d66a9f9644'),
    name: { property: 'BackupVaultName' },
    tagProperty: 'BackupVaultTags',
    grants: [
      {
        on: VAULT,
        create: ['backup:CreateBackupVault'],
        read: [
          'backup:DescribeBackupVault',
          'backup:GetBackupVaultAccessPolicy',
          'backup:GetBackupVaultNotifications',
        ],
        delete: ['backup:DeleteBackupVault'],
        tag: backupTags,
      },
      // AWS: the store behind a vault is authorized on no resource.
      { on: '*', create: ['backup-storage:MountCapsule'] },
      {
        on: '{key:EncryptionKeyArn}',
        create: [
          'kms:CreateGrant',
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:GenerateDataKey',
          'kms:RetireGrant',
        ],
      },
      {
        on: VAULT,
        when: ['AccessPolicy'],
        create: ['backup:PutBackupVaultAccessPolicy'],
        update: ['backup:DeleteBackupVaultAccessPolicy'],
      },
      {
        on: VAULT,
        when: ['Notifications'],
        create: ['backup:PutBackupVaultNotifications'],
        update: ['backup:DeleteBackupVaultNotifications'],
      },
      {
        on: VAULT,
        when: ['LockConfiguration'],
        create: ['backup:PutBackupVaultLockConfiguration'],
        update: ['backup:DeleteBackupVaultLockConfiguration'],
      },
    ],
  },
  'AWS::Backup::BackupPlan': {
    ...registry('AWS::Backup::BackupPlan', '11d66a9f9644'),
    tagProperty: 'BackupPlanTags',
    grants: [
      {
        on: PLAN,
        create: ['backup:CreateBackupPlan'],
        read: ['backup:GetBackupPlan'],
        update: ['backup:UpdateBackupPlan'],
        delete: ['backup:DeleteBackupPlan'],
        tag: backupTags,
      },
    ],
  },
  'AWS::Backup::BackupSelection': {
    ...registry('AWS::Backup::BackupSelection', '0192c4cc65f0'),
    passes: { 'BackupSelection.IamRoleArn': 'backup.amazonaws.com' },
    looksAtRoles: true,
    grants: [
      {
        on: PLAN,
        create: ['backup:CreateBackupSelection'],
        read: ['backup:GetBackupSelection'],
        delete: ['backup:DeleteBackupSelection'],
      },
      linkedRole('backup.amazonaws.com'),
    ],
  },
}
