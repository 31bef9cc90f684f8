/* Two-phase commit as scenarios/two-phase-commit.ts has it, for SPIN: spin -a -DN=7 two-phase-commit.pml
 *
 * One process, one loop, one indivisible step per action, written out for each resource manager by macros, as a step that
 * picks one by a loop would be several. The messages are a set, one variable for each.
 */
#ifndef N
#define N 3
#endif

#define WORKING   0
#define PREPARED  1
#define COMMITTED 2
#define ABORTED   3
#define INIT      0

#define JOIN(a, b) a ## b
#define CALL(a, b) JOIN(a, b)

/* Of all resource managers: NONE(x) says that no one's state is x, and ALL_PREPARED that the manager knows each is prepared. */
#define NONE1(x) (rm[0] != x)
#define NONE2(x) NONE1(x) && (rm[1] != x)
#define NONE3(x) NONE2(x) && (rm[2] != x)
#define NONE4(x) NONE3(x) && (rm[3] != x)
#define NONE5(x) NONE4(x) && (rm[4] != x)
#define NONE6(x) NONE5(x) && (rm[5] != x)
#define NONE7(x) NONE6(x) && (rm[6] != x)
#define NONE8(x) NONE7(x) && (rm[7] != x)
#define NONE9(x) NONE8(x) && (rm[8] != x)
#define NONE(x) CALL(NONE, N)(x)

#define ALL1 known[0]
#define ALL2 ALL1 && known[1]
#define ALL3 ALL2 && known[2]
#define ALL4 ALL3 && known[3]
#define ALL5 ALL4 && known[4]
#define ALL6 ALL5 && known[5]
#define ALL7 ALL6 && known[6]
#define ALL8 ALL7 && known[7]
#define ALL9 ALL8 && known[8]
#define ALL_PREPARED CALL(ALL, N)

byte rm[N];           /* of each resource manager: its state */
byte tm;              /* of the transaction manager: INIT, COMMITTED or ABORTED */
bool known[N];        /* ... and who it knows to be prepared */
bool prepared[N];     /* messages that were sent */
bool commit;
bool abort;

#define MANAGER(i) \
  :: d_step { rm[i] == WORKING -> rm[i] = PREPARED; prepared[i] = true } \
  :: d_step { rm[i] == WORKING -> rm[i] = ABORTED; assert(NONE(COMMITTED)) } \
  :: d_step { commit -> rm[i] = COMMITTED; assert(NONE(ABORTED)) } \
  :: d_step { abort -> rm[i] = ABORTED; assert(NONE(COMMITTED)) } \
  :: d_step { tm == INIT && prepared[i] -> known[i] = true }

init {
end:
  do
  :: d_step { tm == INIT && ALL_PREPARED -> tm = COMMITTED; commit = true }
  :: d_step { tm == INIT -> tm = ABORTED; abort = true }
  MANAGER(0)
#if N > 1
  MANAGER(1)
#endif
#if N > 2
  MANAGER(2)
#endif
#if N > 3
  MANAGER(3)
#endif
#if N > 4
  MANAGER(4)
#endif
#if N > 5
  MANAGER(5)
#endif
#if N > 6
  MANAGER(6)
#endif
#if N > 7
  MANAGER(7)
#endif
#if N > 8
  MANAGER(8)
#endif
  od
}
