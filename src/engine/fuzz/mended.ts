/** What random programs once found, cut down; each must stay mended in every form of execution. */
export interface Mended {
  readonly name: string;
  readonly text: string;
}

export const mended: readonly Mended[] = [
  {
    name: 'a thread without a CPU of its own is granted the lock while it joins the list',
    text: `scenario fuzz "self wake" {
      set munmap = chunked;
      set mmapLock = rwsem-3.8;
      set ALWAYS_DROP = true;
      area a0 = 16 * PAGE_SIZE populated;
      area a1 = 721 * PAGE_SIZE;
      thread t0 on cpu 0 { munmap(a1); }
      thread t1 on cpu 0 { proc_pid_cmdline_read(a1.start + 4 * PAGE_SIZE); }
      thread t3[2] on cpu index { compute(569986); }
      thread t4 {
        for (r = 0; r < 8; r++)
          madvise_dontneed(range(a0.start + 5 * PAGE_SIZE, a1.end));
      }
    }`,
  },
  {
    name: 'a munmap returns while another one is in the middle',
    text: `scenario fuzz "two of them" {
      area a1 = 14 * PAGE_SIZE populated;
      thread t3[2] on cpu 1 + index { alarm(80); munmap(a1); }
    }`,
  },
  {
    name: 'a mutex is handed to a sleeper beside a spinner',
    text: `mutex m0;
    scenario fuzz "handed over" {
      daemon thread a on cpu 0 {
        for (r = 0; r < 2; r++) { mutex_lock(&m0); sleep(607429); compute(2927472); mutex_unlock(&m0); }
      }
      daemon thread b on cpu 1 { for (r = 0; r < 6; r++) compute(2676719); }
      thread c on cpu 1 { mutex_lock(&m0); mutex_unlock(&m0); }
      thread d { mutex_lock(&m0); mutex_unlock(&m0); }
    }`,
  },
  {
    name: 'a range that ends within a page of a mapping',
    text: `scenario fuzz "ragged" {
      set grain = page;
      area a1 = 10 * PAGE_SIZE populated;
      thread t1 on cpu 2 { munmap(range(a1.start, a1.start + 4 * PAGE_SIZE + 932)); }
    }`,
  },
  {
    name: 'a range that is empty, or ends before it begins',
    text: `scenario fuzz "nothing" {
      area a1 = 11 * PAGE_SIZE populated;
      thread t0 on cpu 1 { munmap(range(a1.start + 4 * PAGE_SIZE, a1.start + PAGE_SIZE)); }
      thread t1 on cpu 2 { munmap(range(a1.start + 6 * PAGE_SIZE, a1.start + 6 * PAGE_SIZE)); }
    }`,
  },
  {
    name: 'a few pages of a table at grain table',
    text: `scenario fuzz "a few" {
      area a0 = 4 * PAGE_SIZE populated;
      thread t0 { munmap(a0); }
    }`,
  },
  {
    name: 'a mapping made while a munmap waits for the lock',
    text: `scenario fuzz "while it waits" {
      area a0 = 508 * PAGE_SIZE;
      thread t1[2] { munmap(range(a0.start + 6 * PAGE_SIZE, a0.start + 13 * PAGE_SIZE)); }
      thread t2 on cpu 0 { mmap_fixed(range(a0.start + 6 * PAGE_SIZE, a0.end)); }
    }`,
  },
  {
    name: 'an extent that ends within mmap_fixed',
    text: `scenario fuzz "too short" {
      set grain = page;
      extent 30us;
      area a1 = 502 * PAGE_SIZE populated;
      thread t0 on cpu 1 { mmap_fixed(range(a1.start + 7 * PAGE_SIZE, a1.end)); }
    }`,
  },
  {
    name: 'a condition that comes true between two parts of a release',
    text: `rwsem s0;
    scenario fuzz "between two parts" {
      thread t1 { sleep(57); wait_until(readers(&s0) == 0); }
      thread t4[2] {
        down_write(&s0);
        compute(1);
        downgrade_write(&s0);
        for (i = 0; i < 3; i++) compute(1804);
        up_read(&s0);
      }
    }`,
  },
  {
    name: 'a run that gets stuck at a record',
    text: `rwsem s0;
    scenario fuzz "stuck" {
      thread t0 { down_read(&s0); mmap(4096); up_read(&s0); }
    }`,
  },
  {
    name: 'a CPU is wanted whose thread waits for the acknowledgement of a TLB flush',
    text: `scenario fuzz "wanted" {
      set machine = small;
      area a0 = 16 * PAGE_SIZE populated;
      area a1 = 20000 * PAGE_SIZE populated;
      thread t0 on cpu 1 { sleep(50us); compute(1us); }
      thread t1 on cpu 1 { madvise_dontneed(a0); }
      thread t2 on cpu 2 { get_user_pages_fast(a1); }
    }`,
  },
  {
    name: 'a page is thrown away and touched again while munmap waits for the lock',
    text: `scenario fuzz "waits" {
      set mmapLock = rwsem-5.11;
      set grain = page;
      area a0 = 8 * PAGE_SIZE populated;
      thread t1 { khugepaged_scan_mm_slot(mm_of(0)); touch(a0.start + PAGE_SIZE); }
      thread t2 { munmap(range(a0.start, a0.start + 7 * PAGE_SIZE)); }
      thread t5 { madvise_dontneed(range(a0.start + PAGE_SIZE, a0.end)); }
    }`,
  },
];
