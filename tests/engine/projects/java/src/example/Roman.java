package example;

/** Writes its first argument as a Roman number. */
public class Roman {
    private static final int[] VALUES = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
    private static final String[] SIGNS = {"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"};

    public static void main(String[] arguments) {
        int left = Integer.parseInt(arguments[0]);
        StringBuilder written = new StringBuilder();
        for (int at = 0; at < VALUES.length; at++) {
            for (; left >= VALUES[at]; left -= VALUES[at]) {
                written.append(SIGNS[at]);
            }
        }
        System.out.println(written);
    }
}
