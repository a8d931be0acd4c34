// java -cp MAIL.JAR JavaMail.java PORT VARIANT RECIPIENT...: send with JavaMail, mail.debug on.
import java.util.Properties;
import javax.mail.*;
import javax.mail.internet.*;

public class JavaMail {
    public static void main(String[] a) throws Exception {
        boolean auth = !a[1].equals("plain");
        Properties p = new Properties();
        p.put("mail.smtp.host", "127.0.0.1");
        p.put("mail.smtp.port", a[0]);
        p.put("mail.smtp.localhost", "client.example.org");
        p.put("mail.smtp.starttls.enable", "" + auth);
        p.put("mail.smtp.ssl.trust", "*");
        p.put("mail.smtp.ssl.checkserveridentity", "false");
        p.put("mail.smtp.auth", "" + auth);
        p.put("mail.smtp.sendpartial", "true");
        p.put("mail.debug", "true");
        Session session = Session.getInstance(p, new Authenticator() {
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication("user", a[1].equals("auth") ? "pass" : "wrong");
            }
        });
        MimeMessage m = new MimeMessage(session);
        m.setFrom(new InternetAddress("alice@example.org", "Alice"));
        for (int i = 2; i < a.length; i++) m.addRecipient(Message.RecipientType.TO, new InternetAddress(a[i]));
        m.setSubject("Minutes of the meeting");
        m.setSentDate(new java.util.Date(1795471200000L));
        m.setText("Hello Bob,\n\n.profile is a hidden file.\n\nAlice\n");
        try {
            Transport.send(m);
        } catch (MessagingException e) {
            System.out.println(e);
        }
    }
}
