import { describe, expect, test } from '@jest/globals'
import { parseCgroupTrees } from '../../lab/cgroups.ts'
import { olderReferences } from '../../lab/containerd-images.ts'
import { parseMountPoints } from '../../lab/mounts.ts'
import { parseSockets } from '../../lab/ports.ts'

describe('parseCgroupTrees', () => {
  test('finds the one tree of version 2', () => {
    const mounts = 'proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n'
    expect(parseCgroupTrees(mounts)).toEqual([{ mountPoint: '/sys/fs/cgroup', version: 2 }])
  })

  test('finds all trees of a machine that has both versions', () => {
    const mounts = 'cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n'
    expect(parseCgroupTrees(mounts).map(({ version }) => version)).toEqual([1, 2])
  })
})

describe('parseMountPoints', () => {
  test('reads blanks in a path', () => {
    const line = '36 35 98:0 /root /mnt/with\\040blank rw,noatime master:1 - ext3 /dev/root rw'
    expect(parseMountPoints(`${line}\n`)).toEqual(['/mnt/with blank'])
  })
})

describe('parseSockets', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1C41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 43817 1
   1: 0100007F:1C41 0100007F:A000 01 00000000:00000000 00:00000000 00000000     0        0 43818 1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 43819 1
`

  test('gives of TCP only what listens, with readable addresses', () => {
    expect(parseSockets('tcp', table)).toEqual([
      { protocol: 'tcp', address: '127.0.0.1', port: 7233, inode: '43817' },
      { protocol: 'tcp', address: 'any', port: 22, inode: '43819' },
    ])
  })
})

describe('olderReferences', () => {
  test('takes other tags of the same repository, and no other repository', () => {
    const present = ['localhost/a/tools:1', 'localhost/a/tools:2', 'localhost/a/tools-extra:1', 'localhost/a/mysql:1']
    expect(olderReferences('localhost/a/tools:2', present)).toEqual(['localhost/a/tools:1'])
  })
})
